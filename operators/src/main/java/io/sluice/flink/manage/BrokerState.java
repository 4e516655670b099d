package io.sluice.flink.manage;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.CardState;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.AllocatorState;
import io.sluice.xrm.alloc.ListRequest;
import io.sluice.xrm.alloc.Request;
import io.sluice.xrm.alloc.UnitRequest;
import io.sluice.xrm.alloc.WaitingRoom;
import io.sluice.xrm.alloc.WaitingRoomState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a {@link FleetBroker} remembers, as a JSON document: in Flink's state, and in the state
 * file of the command line. Records of clients are in it as they came.
 *
 * @param format 2
 * @param nowNs time of the last call
 * @param allocator who holds which units
 * @param room who waits
 * @param cards how each card is, in the order of the fleet
 * @param clients in the order of their names
 */
record BrokerState(
    int format,
    long nowNs,
    AllocatorState allocator,
    WaitingRoomState room,
    LinkedHashMap<String, CardState> cards,
    List<ClientState> clients) {
  private static final int FORMAT = 2;

  /** Fields only: a record's other methods are no state. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addMixIn(Request.class, RequestKinds.class)
          .build();

  /** The kinds of requests that records can ask for, see {@link Wishes}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = UnitRequest.class, name = "unit"),
    @JsonSubTypes.Type(value = ListRequest.class, name = "list")
  })
  private interface RequestKinds {}

  /** A client, with encoded records. */
  record ClientState(
      String name,
      TreeMap<String, Long> ids,
      long heardNs,
      List<TicketState> tickets,
      List<byte[]> done) {}

  /** A ticket; of one that waits the service is 0, of one that holds something the place. */
  record TicketState(byte[] asked, long termNs, boolean moving, long service, long place) {}

  static BrokerState of(
      long nowNs, Allocator allocator, WaitingRoom room, Cards cards, Clients clients) {
    Wire<ManagerRequest> requests = Wire.managerRequests();
    Wire<ManagerReply> replies = Wire.managerReplies();
    List<ClientState> all = new ArrayList<>();
    for (Clients.Entry client : clients.all()) {
      List<TicketState> tickets =
          client.tickets.values().stream()
              .map(
                  t ->
                      new TicketState(
                          requests.encode(t.asked), t.termNs, t.isMoving(), t.service, t.place))
              .toList();
      List<byte[]> done = client.done.values().stream().map(replies::encode).toList();
      all.add(
          new ClientState(client.name, new TreeMap<>(client.ids), client.heardNs, tickets, done));
    }
    return new BrokerState(
        FORMAT, nowNs, allocator.state(), room.state(), new LinkedHashMap<>(cards.states()), all);
  }

  byte[] encode() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws SluiceException SLUICE_RECORD_CORRUPT if the bytes are no state of this format
   */
  static BrokerState decode(byte[] bytes) {
    try {
      JsonNode state = JSON.readTree(bytes);
      int format = state.path("format").asInt();
      if (format != FORMAT) {
        throw corrupt("a state of format " + format + " instead of " + FORMAT, null);
      }
      return JSON.treeToValue(state, BrokerState.class);
    } catch (IOException e) {
      throw corrupt(e.getMessage(), e);
    }
  }

  private static SluiceException corrupt(String thing, Exception cause) {
    return new SluiceException(
        ErrorCode.SLUICE_RECORD_CORRUPT,
        thing,
        "state of the resource manager",
        "start it anew",
        cause);
  }

  /**
   * Makes the clients as they were.
   *
   * @param atNs when each was last heard of: nobody could be heard meanwhile
   */
  void addClients(Clients to, long atNs) {
    Wire<ManagerRequest> requests = Wire.managerRequests();
    Wire<ManagerReply> replies = Wire.managerReplies();
    for (ClientState saved : clients) {
      Clients.Entry client = new Clients.Entry(saved.name, atNs);
      client.ids.putAll(saved.ids);
      for (TicketState t : saved.tickets) {
        ManagerRequest asked = requests.decode(t.asked, "state");
        Ticket ticket = new Ticket(asked, Wishes.of(asked).orElseThrow(), t.termNs);
        ticket.service = t.service;
        ticket.place = t.place;
        if (t.moving) {
          ticket.move(false, "");
        }
        client.tickets.put(asked.getRequestId(), ticket);
      }
      for (byte[] reply : saved.done) {
        client.remember(replies.decode(reply, "state"));
      }
      to.add(client);
    }
  }

  Map<String, CardState> cardStates() {
    return cards;
  }
}
