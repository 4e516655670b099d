package io.sluice.jobs.demo;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka node, broker and KRaft controller in this process, on free ports of the loopback
 * interface. Its data lie in a temporary folder that goes with it.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** The longest record that its topics take: 32 MiB. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private final TemporaryFolder data;
  private final KafkaRaftServer server;
  private final String brokers;

  private EmbeddedKafka(TemporaryFolder data, KafkaRaftServer server, String brokers) {
    this.data = data;
    this.server = server;
    this.brokers = brokers;
  }

  /**
   * Starts the node; it is ready when this returns.
   *
   * @throws SluiceException SLUICE_IO if it cannot start
   */
  public static EmbeddedKafka start() {
    TemporaryFolder data = null;
    try {
      data = TemporaryFolder.create("sluice-kafka");
      int[] ports = freePorts();
      Properties properties = properties(data.path(), ports[0], ports[1]);
      format(properties);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
      EmbeddedKafka kafka = new EmbeddedKafka(data, server, "127.0.0.1:" + ports[0]);
      server.startup();
      return kafka;
    } catch (Exception e) {
      if (data != null) {
        data.close();
      }
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the embedded Kafka node did not start (" + e + ")",
          data == null ? "temporary folder" : data.path().toString(),
          "check the space on the temporary folder and that 127.0.0.1 can be listened on",
          e);
    }
  }

  /** Bootstrap servers. */
  public String brokers() {
    return brokers;
  }

  /** Makes topics with these numbers of partitions. */
  public void createTopics(Map<String, Integer> partitionsByTopic)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers))) {
      List<NewTopic> topics =
          partitionsByTopic.entrySet().stream()
              .map(entry -> new NewTopic(entry.getKey(), entry.getValue(), (short) 1))
              .toList();
      admin.createTopics(topics).all().get();
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    data.close();
  }

  /** Writes the identity of the node and the first metadata into its empty folder. */
  private static void format(Properties properties) throws IOException {
    Path file = Files.createTempFile("sluice-kafka", ".properties");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      }
      PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
      String[] command = {
        "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
      };
      if (StorageTool.execute(command, stream) != 0) {
        throw new IOException(said.toString(StandardCharsets.UTF_8).strip());
      }
    } finally {
      Files.delete(file);
    }
  }

  private static Properties properties(Path data, int brokerPort, int controllerPort) {
    Properties properties = new Properties();
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", "1");
    properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
    properties.setProperty(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.setProperty("log.dirs", data.toString());
    properties.setProperty("auto.create.topics.enable", "false");
    properties.setProperty("message.max.bytes", Integer.toString(MAX_RECORD_BYTES));
    properties.setProperty("socket.request.max.bytes", Integer.toString(2 * MAX_RECORD_BYTES));
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("offsets.topic.num.partitions", "1");
    properties.setProperty("transaction.state.log.replication.factor", "1");
    properties.setProperty("transaction.state.log.min.isr", "1");
    properties.setProperty("transaction.state.log.num.partitions", "1");
    properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
    properties.setProperty("share.coordinator.state.topic.min.isr", "1");
    properties.setProperty("log.cleaner.enable", "false");
    // Records may have timestamps of long ago, which no retention may take for old age.
    properties.setProperty("log.retention.ms", "-1");
    return properties;
  }

  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (ServerSocket first = new ServerSocket(0, 1, loopback);
        ServerSocket second = new ServerSocket(0, 1, loopback)) {
      return new int[] {first.getLocalPort(), second.getLocalPort()};
    }
  }
}
