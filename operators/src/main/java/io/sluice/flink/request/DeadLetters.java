package io.sluice.flink.request;

import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.schemas.DeadLetter;
import java.nio.ByteBuffer;

/** Makes dead letters. */
public final class DeadLetters {
  private DeadLetters() {}

  /**
   * The dead letter of a packet that failed.
   *
   * @param kernel what the stage runs; empty if it has no name
   */
  public static DeadLetter of(Packet failed, String kernel) {
    Origin origin = failed.origin();
    Failure failure = failed.failure().orElseThrow();
    return DeadLetter.newBuilder()
        .setRequestId(origin.requestId())
        .setStage(failure.stage())
        .setKernel(kernel)
        .setCode(failure.code())
        .setThing(failure.thing())
        .setPlace(failure.place())
        .setRemedy(failure.remedy())
        .setTopic(origin.topic())
        .setPartition(origin.partition())
        .setOffset(origin.offset())
        .setRecordHead(
            failed.has(Packet.RECORD)
                ? failed.tensor(Packet.RECORD).buffer()
                : ByteBuffer.allocate(0))
        .build();
  }
}
