package io.sluice.flink.manage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.fleet.Card;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.Channel;
import io.sluice.xrm.alloc.DeviceStatus;
import io.sluice.xrm.alloc.Image;
import io.sluice.xrm.alloc.UnitStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The fleet as {@code xrmadm list} shows it: the keys are XRM's, and nothing is left out. */
final class XrmJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_WHOLE = " of 1000000";

  private XrmJson() {}

  /**
   * Devices with their units.
   *
   * @param devices which; none for all
   */
  static String list(Allocator allocator, Cards cards, List<Integer> devices) {
    ObjectNode data = JSON.createObjectNode();
    data.put("deviceNumber", allocator.devices());
    List<Integer> shown =
        devices.isEmpty() ? IntStream.range(0, allocator.devices()).boxed().toList() : devices;
    for (int device : shown) {
      data.set("device_" + device, device(allocator.device(device).value(), cards));
    }
    return data.toString();
  }

  private static ObjectNode device(DeviceStatus status, Cards cards) {
    Card card = cards.card(status.device());
    ObjectNode node = JSON.createObjectNode();
    node.put("deviceId", status.device());
    node.put("card", card.id());
    node.put("host", card.host());
    node.put("dsaName", status.spec().shell());
    node.put("condition", cards.state(status.device()).condition().name().toLowerCase(Locale.ROOT));
    node.put("slowFactor", cards.state(status.device()).slowFactor());
    node.put("xclbinName", status.image().map(Image::name).orElse(""));
    node.put("uuid", status.image().map(Image::uuid).orElse(""));
    node.put("isExclusive", status.exclusiveClient() != 0);
    node.put("cuNumber", status.units().size());
    status.units().forEach(unit -> node.set("cu_" + unit.unit(), unit(unit)));
    return node;
  }

  private static ObjectNode unit(UnitStatus unit) {
    ObjectNode node = JSON.createObjectNode();
    node.put("cuId", unit.unit());
    node.put("cuType", "IP Kernel");
    node.put("kernelName", unit.spec().kernel());
    node.put("kernelAlias", unit.spec().alias());
    node.put("instanceName", unit.spec().instance());
    node.put("cuName", unit.spec().name());
    node.put("kernelPlugin", "");
    node.put("maxCapacity", unit.spec().maxCapacity());
    unit.spec().fingerprint().ifPresent(f -> node.put("fingerprint", f.toString()));
    node.put("numChanInuse", unit.channelsInUse());
    node.put("usedLoad", unit.usedLoad() + OF_WHOLE);
    node.put("reservedLoad", unit.reservedLoad() + OF_WHOLE);
    node.put("resrvUsedLoad", unit.reservedUsedLoad() + OF_WHOLE);
    return node;
  }

  /**
   * Who holds what.
   *
   * @param service which grant; 0 for all
   */
  static String status(Allocator allocator, Map<Long, Ticket> tickets, int waiting, long service) {
    ObjectNode data = JSON.createObjectNode();
    data.put("epoch", allocator.epoch());
    data.put("waiting", waiting);
    ArrayNode services = data.putArray("services");
    for (Allocation held : allocator.services()) {
      if (service == 0 || service == held.id().service()) {
        services.add(service(held, tickets.get(held.id().service())));
      }
    }
    return data.toString();
  }

  private static ObjectNode service(Allocation held, Ticket ticket) {
    ObjectNode node = JSON.createObjectNode();
    node.put("allocServiceId", held.id().service());
    node.put("client", ticket.asked.getClient());
    node.put("tenant", ticket.tenant());
    node.put("requestId", ticket.asked.getRequestId());
    node.put("untilReleased", ticket.termNs == Ticket.FOR_EVER);
    ArrayNode units = node.putArray("cu");
    for (Channel channel : held.channels()) {
      units
          .addObject()
          .put("deviceId", channel.device())
          .put("card", channel.deviceName())
          .put("cuId", channel.unit())
          .put("cuName", channel.spec().name())
          .put("channelId", channel.channel())
          .put("channelLoad", channel.load() + OF_WHOLE);
    }
    return node;
  }
}
