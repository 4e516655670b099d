package io.sluice.flink.manage;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a {@link FleetBroker} remembers, as a JSON document: in Flink's state, and in the state
 * file of the command line. Records of clients are in it as they came.
 *
 * @param format 1
 * @param nowNs time of the last call
 * @param nextNumber of the ticket that comes next
 * @param allocator who holds which units
 * @param cards how each card is, in the order of the fleet
 * @param clients in the order of their names
 */
record BrokerState(
    int format,
    long nowNs,
    long nextNumber,
    AllocatorState allocator,
    LinkedHashMap<String, CardState> cards,
    List<ClientState> clients) {
  private static final int FORMAT = 1;

  /** Fields only: a record's other methods are no state. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A client, with encoded records. */
  record ClientState(
      String name, long id, long heardNs, List<TicketState> tickets, List<byte[]> done) {}

  /** A ticket; of one that waits the service is 0. */
  record TicketState(
      byte[] asked, long number, long termNs, long deadlineNs, boolean moving, long service) {}

  static BrokerState of(
      long nowNs, long nextNumber, Allocator allocator, Cards cards, Clients clients) {
    Wire<ManagerRequest> requests = Wire.managerRequests();
    Wire<ManagerReply> replies = Wire.managerReplies();
    List<ClientState> all = new ArrayList<>();
    for (Clients.Entry client : clients.all()) {
      List<TicketState> tickets =
          client.tickets.values().stream()
              .map(
                  t ->
                      new TicketState(
                          requests.encode(t.asked),
                          t.number,
                          t.termNs,
                          t.deadlineNs(),
                          t.isMoving(),
                          t.service))
              .toList();
      List<byte[]> done = client.done.values().stream().map(replies::encode).toList();
      all.add(new ClientState(client.name, client.id, client.heardNs, tickets, done));
    }
    return new BrokerState(
        FORMAT, nowNs, nextNumber, allocator.state(), new LinkedHashMap<>(cards.states()), all);
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
      BrokerState state = JSON.readValue(bytes, BrokerState.class);
      if (state != null && state.format == FORMAT) {
        return state;
      }
      throw corrupt("a state of another format", null);
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
      Clients.Entry client = new Clients.Entry(saved.name, saved.id, atNs);
      for (TicketState t : saved.tickets) {
        ManagerRequest asked = requests.decode(t.asked, "state");
        Ticket ticket =
            new Ticket(asked, Wishes.of(asked).orElseThrow(), t.number, t.termNs, t.deadlineNs);
        ticket.service = t.service;
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
