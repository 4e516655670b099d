package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Where clients and the resource manager of a fleet meet. Each topic has one partition: what is
 * asked first is granted first.
 *
 * @param brokers bootstrap servers, separated by commas
 */
public record ManagerTopics(String brokers) implements Serializable {
  static final String REQUESTS = "sluice-manager-requests";
  static final String REPLIES = "sluice-manager-replies";

  /** As which consumer group the manager commits what it has read. */
  static final String GROUP = "sluice-manager";

  static final String DEAD_LETTERS = "sluice-manager-dead-letters";
  private static final short BROKERS_OWN_REPLICATION = -1;

  public ManagerTopics {
    Objects.requireNonNull(brokers, "brokers");
  }

  /**
   * Makes those topics that are missing.
   *
   * @throws SluiceException SLUICE_IO if the brokers do not
   */
  public void create() {
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers))) {
      Set<String> known = admin.listTopics().names().get();
      List<NewTopic> missing =
          List.of(REQUESTS, REPLIES, DEAD_LETTERS).stream()
              .filter(topic -> !known.contains(topic))
              .map(topic -> new NewTopic(topic, 1, BROKERS_OWN_REPLICATION))
              .toList();
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private SluiceException failed(Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_IO,
        "the topics of the resource manager cannot be made (" + cause + ")",
        "brokers " + brokers,
        "check that they run and let topics be made",
        cause);
  }
}
