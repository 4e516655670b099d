package io.sluice.xrm.alloc;

/** Something that one service answers, whole or not at all. */
public sealed interface Request
    permits UnitRequest, ListRequest, GroupRequest, LoadingRequest, CardRequest {}
