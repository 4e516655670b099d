package io.sluice.xrm.alloc;

/**
 * A granted share of a unit (XRM's CuResource).
 *
 * @param device id of the device
 * @param unit index of the unit on it
 * @param deviceName name of the card
 * @param spec what the unit is
 * @param imageUuid what it comes from
 * @param channel number of the channel on the unit, the lowest that was free
 * @param load in millionths of the unit
 * @param poolId the reservation that it was drawn from; 0 for none
 */
public record Channel(
    int device,
    int unit,
    String deviceName,
    UnitSpec spec,
    String imageUuid,
    int channel,
    int load,
    long poolId) {
  boolean isOn(Unit other, int number) {
    return channel == number && unit == other.index && device == other.device.id;
  }
}
