package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.manage.BrokerSettings;
import io.sluice.flink.manage.ClientSettings;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.flink.wire.Wire;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitWish;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manager of a fleet as a job, and jobs that share the fleet, through an embedded Kafka. */
@Tag("slow")
class ResourceManagerJobTest {
  private static final int UNITS = 4;
  private static final long TERM_MILLIS = 600;
  private static final TopicPartition REQUESTS = new TopicPartition(ManagerTopics.REQUESTS, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What the slots of each job were told last; of the process, as operators are copied. */
  private static final ConcurrentMap<String, ConcurrentMap<String, LeaseUpdate>> TOLD =
      new ConcurrentHashMap<>();

  @TempDir private static Path folder;
  private static EmbeddedKafka kafka;
  private static ManagerTopics topics;
  private static MiniCluster cluster;
  private static JobID manager;
  private static Fleet fleet;

  @BeforeAll
  static void serve() throws Exception {
    kafka = EmbeddedKafka.start();
    topics = new ManagerTopics(kafka.brokers());
    String yaml = "cards: [{platform: kv260, count: " + UNITS + "}]";
    fleet = FleetFile.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test");
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .withRandomPorts()
                .build());
    cluster.start();
    manager = startManager();
    try (ManagerClient client = new ManagerClient(topics)) {
      // What was asked before the job began to read is not seen, so it is asked until it answers.
      await(() -> isAnswered(client));
    }
  }

  /** Without a savepoint. */
  private static JobID startManager() {
    Configuration configuration = AksJob.configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    new ResourceManagerJob(topics, fleet, BrokerSettings.STANDARD).build(env);
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).join().getJobID();
  }

  private static boolean isAnswered(ManagerClient client) {
    try {
      client.ask(request("probe", FleetBroker.STATUS).build(), Duration.ofSeconds(1));
      return true;
    } catch (SluiceException e) {
      return false;
    }
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
    kafka.close();
  }

  private static ManagerRequest.Builder request(String id, String name) {
    return ManagerRequest.newBuilder()
        .setUnits(List.of())
        .setRequestId(id)
        .setClient("test")
        .setName(name);
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within " + PATIENCE).isLessThan(endNs);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A job that wants all units of the fleet. */
  private static JobClient job(String name) throws Exception {
    TOLD.put(name, new ConcurrentHashMap<>());
    List<Demand> demands =
        IntStream.range(0, UNITS)
            .mapToObj(i -> new Demand(new SlotId("net", i), fleet.units().get(0).fingerprint()))
            .toList();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, AksJob.configuration());
    new ManagerFeed(topics, new ClientSettings(name, "tenant of " + name, TERM_MILLIS))
        .leases(env, demands)
        .map(
            update -> {
              TOLD.get(name).put(update.slot().toString(), update);
              return "";
            },
            Types.STRING)
        .sinkTo(new DiscardingSink<>());
    return env.executeAsync(name);
  }

  private static long held(String job) {
    return TOLD.get(job).values().stream().filter(u -> u.lease().isPresent()).count();
  }

  private static long distinctUnits(String job) {
    return TOLD.get(job).values().stream()
        .flatMap(u -> u.lease().stream())
        .map(lease -> lease.unit())
        .distinct()
        .count();
  }

  @Test
  void twoJobsShareTheFleetAndTheUnitsOfOneThatIsKilledServeTheOther() throws Exception {
    JobClient first = job("first");
    await(() -> held("first") == UNITS);
    JobClient second = job("second");
    await(() -> held("first") == UNITS / 2 && held("second") == UNITS / 2);

    // The manager dies and is restored: both hold as much as before, in another epoch.
    long epoch = TOLD.get("first").values().iterator().next().epoch();
    cluster.terminateTaskManager(0).join();
    cluster.startTaskManager();
    await(
        () ->
            List.of("first", "second").stream()
                .allMatch(
                    job ->
                        held(job) == UNITS / 2
                            && TOLD.get(job).values().stream()
                                .filter(u -> u.lease().isPresent())
                                .allMatch(u -> u.epoch() > epoch)));

    first.cancel().join();
    long killedNs = System.nanoTime();
    await(() -> held("second") == UNITS);
    System.out.printf(
        "measured: the units of a killed job serve the other after %d ms; the term is %d ms%n",
        (System.nanoTime() - killedNs) / 1_000_000, TERM_MILLIS);
    assertThat(distinctUnits("second")).isEqualTo(UNITS);
    second.cancel().join();
  }

  @Test
  void aManagerStartedAnewAnswersWhatItWasAskedMeanwhileAndNothingTwice() {
    try (ManagerClient client = new ManagerClient(topics)) {
      client.ask(request("before", FleetBroker.STATUS).build(), PATIENCE);
      await(() -> committedOffset() == endOffset());
      cluster.cancelJob(manager).join();
      await(() -> cluster.getJobStatus(manager).join().isGloballyTerminalState());
      client.send(request("meanwhile", FleetBroker.STATUS).build());
      manager = startManager();
      List<String> answered = new ArrayList<>();
      await(
          () -> {
            client.poll().forEach(reply -> answered.add(reply.getRequestId()));
            return answered.contains("meanwhile");
          });
      assertThat(answered).containsExactly("meanwhile");
    }
  }

  @Test
  void whoWaitsForLongerThanATermIsHeardOfMeanwhile() throws Exception {
    try (ManagerClient holder = new ManagerClient(topics);
        ManagerClient waiting = new ManagerClient(topics)) {
      List<Long> held = new ArrayList<>();
      for (int i = 0; i < UNITS; i++) {
        ManagerReply granted = holder.ask(whole("hold-" + i, -1).build(), PATIENCE);
        assertThat(granted.getStatus()).isEqualTo("ok");
        held.add(granted.getService());
      }
      long termMillis = 2_500;
      CompletableFuture<ManagerReply> answer =
          CompletableFuture.supplyAsync(
              () -> waiting.ask(whole("wait", termMillis).setClient("waiting").build(), PATIENCE));
      Thread.sleep(2 * termMillis);
      assertThat(answer).isNotDone();
      for (long service : held) {
        holder.send(request("release-" + service, FleetBroker.RELEASE).setService(service).build());
      }
      ManagerReply granted = answer.get();
      assertThat(granted.getStatus()).isIn("ok", "changed");
      holder.send(request("gone", FleetBroker.GONE).setClient("waiting").build());
    }
  }

  /** A whole unit, for as long as a client lives that says something once in a term. */
  private static ManagerRequest.Builder whole(String id, long termMillis) {
    return request(id, FleetBroker.ALLOC)
        .setUnits(List.of(UnitWish.newBuilder().setKernelName("DPUCZDX8G").setPercent(100).build()))
        .setTermMillis(termMillis)
        .setTimeoutMillis(PATIENCE.toMillis());
  }

  private static long committedOffset() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()))) {
      OffsetAndMetadata committed =
          admin
              .listConsumerGroupOffsets("sluice-manager")
              .partitionsToOffsetAndMetadata()
              .get()
              .get(REQUESTS);
      return committed == null ? -1 : committed.offset();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long endOffset() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()))) {
      return admin
          .listOffsets(Map.of(REQUESTS, OffsetSpec.latest()))
          .partitionResult(REQUESTS)
          .get()
          .offset();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyRequestThatCannotBeReadBecomesADeadLetterAndEveryOtherIsAnsweredOnce() {
    try (ManagerClient client = new ManagerClient(topics)) {
      client.send("test", "no request".getBytes(StandardCharsets.UTF_8));
      client.send(request("", FleetBroker.STATUS).build());
      ManagerReply unknown = client.ask(request("u", "cuMakeCoffee").build(), PATIENCE);
      assertThat(unknown.getStatus()).isEqualTo("failed");
      assertThat(unknown.getCode()).isEqualTo(-2);
      ManagerReply both =
          client.ask(
              request("b", FleetBroker.ALLOC)
                  .setUnits(
                      List.of(
                          UnitWish.newBuilder()
                              .setKernelName("DPUCZDX8G")
                              .setPercent(1)
                              .setMillionths(1)
                              .build()))
                  .build(),
              PATIENCE);
      assertThat(both.getError()).isEqualTo("XRM_ERROR_INVALID");
    }
    List<DeadLetter> letters = deadLetters(2);
    assertThat(letters)
        .extracting(DeadLetter::getCode)
        .containsExactly("SLUICE_RECORD_CORRUPT", "SLUICE_REQUEST_INVALID");
    assertThat(letters.get(0).getRequestId()).startsWith("sluice-manager-requests-0-");
  }

  private static List<DeadLetter> deadLetters(int count) {
    Wire<DeadLetter> wire = Wire.deadLetters();
    List<DeadLetter> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(ManagerTopics.DEAD_LETTERS, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      await(
          () -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
              letters.add(wire.decode(record.value(), "dead letter"));
            }
            return letters.size() >= count;
          });
    }
    return letters;
  }
}
