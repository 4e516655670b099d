package io.sluice.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.jobs.AnswerReader;
import io.sluice.jobs.KafkaTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EmbeddedKafkaTest {
  @Test
  void twoNodesRunBesideEachOtherAndLeaveNothingBehind() throws Exception {
    List<Path> before = folders();
    try (EmbeddedKafka first = EmbeddedKafka.start();
        EmbeddedKafka second = EmbeddedKafka.start()) {
      assertThat(first.brokers()).startsWith("127.0.0.1:").isNotEqualTo(second.brokers());
      second.createTopics(Map.of("in", 2, "out", 1, "dead", 1));
      KafkaTopics topics = new KafkaTopics(second.brokers(), "test", "in", "out", "dead");
      try (AnswerReader reader = new AnswerReader(topics)) {
        reader.poll(Duration.ofMillis(100));
        assertThat(reader.count()).isZero();
      }
      assertThat(folders()).hasSize(before.size() + 2);
    }
    assertThat(folders()).isEqualTo(before);
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("sluice-kafka"))
          .toList();
    }
  }
}
