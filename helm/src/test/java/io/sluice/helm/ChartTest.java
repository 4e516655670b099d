package io.sluice.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path CHART = Path.of("chart").toAbsolutePath();

  @TempDir private Path temp;

  private String template(String values) throws IOException {
    Path file = Files.writeString(temp.resolve("values.yaml"), values);
    TemplateCommand command = new Helm(CHART).template();
    return command.withName("pages").withNamespace("ocr").withValuesFile(file).call();
  }

  /** The rendered documents by kind. */
  private Map<String, JsonNode> render(String values) throws IOException {
    Map<String, JsonNode> byKind = new LinkedHashMap<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(template(values))) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document.has("kind")) {
          assertThat(byKind.put(document.get("kind").asText(), document)).isNull();
        }
      }
    }
    return byKind;
  }

  private JsonNode deployment(String values) throws IOException {
    return render(values).get("FlinkDeployment");
  }

  private static List<String> strings(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(node -> all.add(node.asText()));
    return all;
  }

  @Test
  void theChartIsLintedWithoutAWarning() {
    LintResult result = new Helm(CHART).lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages())
        .noneMatch(m -> m.contains("[WARNING]") || m.contains("[ERROR]"));
  }

  @Test
  void everyObjectIsNamedAndLabelled() throws IOException {
    Map<String, JsonNode> all = render("labels: {team: reading}");
    assertThat(all).containsOnlyKeys("FlinkDeployment", "ServiceAccount", "Role", "RoleBinding");
    for (JsonNode document : all.values()) {
      JsonNode metadata = document.get("metadata");
      assertThat(metadata.get("name").asText()).isEqualTo("pages");
      assertThat(metadata.get("namespace").asText()).isEqualTo("ocr");
      assertThat(metadata.at("/labels/app.kubernetes.io~1name").asText()).isEqualTo("sluice");
      assertThat(metadata.at("/labels/app.kubernetes.io~1instance").asText()).isEqualTo("pages");
      assertThat(metadata.at("/labels/team").asText()).isEqualTo("reading");
    }
  }

  @Test
  void theDeploymentRunsTheJobInApplicationMode() throws IOException {
    JsonNode document =
        deployment(
            """
            image: {repository: registry.example/sluice, tag: "7"}
            flinkVersion: v2_0
            kafka: {brokers: "a:9092,b:9093", topics: {requests: in, results: out, deadLetters: dead}}
            job: {parallelism: 8, modelsDir: /models, extraArgs: [--threads, "2"]}
            taskManager: {memory: 8g, cpu: 4, slots: 4}
            """);
    assertThat(document.get("apiVersion").asText()).isEqualTo("flink.apache.org/v1beta1");
    JsonNode spec = document.get("spec");
    assertThat(spec.get("image").asText()).isEqualTo("registry.example/sluice:7");
    assertThat(spec.get("flinkVersion").asText()).isEqualTo("v2_0");
    assertThat(spec.get("serviceAccount").asText()).isEqualTo("pages");
    JsonNode job = spec.get("job");
    assertThat(job.get("entryClass").asText()).isEqualTo("io.sluice.jobs.OcrJob");
    assertThat(job.get("parallelism").asInt()).isEqualTo(8);
    assertThat(job.get("state").asText()).isEqualTo("running");
    assertThat(strings(job.get("args")))
        .containsExactly(
            "--brokers",
            "a:9092,b:9093",
            "--in",
            "in",
            "--out",
            "out",
            "--dead-letters",
            "dead",
            "--models",
            "/models",
            "--threads",
            "2");
    assertThat(spec.at("/taskManager/resource/memory").asText()).isEqualTo("8g");
    assertThat(spec.at("/taskManager/resource/cpu").asDouble()).isEqualTo(4);
    assertThat(spec.at("/jobManager/resource/memory").asText()).isEqualTo("2048m");
    assertThat(spec.at("/flinkConfiguration/taskmanager.memory.task.off-heap.size").asText())
        .isEqualTo("2048m");
  }

  @Test
  void checkpointsAreExactlyOnceInADirectoryThatAllReach() throws IOException {
    JsonNode spec = deployment("{}").get("spec");
    JsonNode configuration = spec.get("flinkConfiguration");
    assertThat(configuration.get("execution.checkpointing.mode").asText())
        .isEqualTo("EXACTLY_ONCE");
    assertThat(configuration.get("execution.checkpointing.interval").asText()).isEqualTo("10 s");
    assertThat(configuration.get("execution.checkpointing.dir").asText())
        .isEqualTo("file:///checkpoints");
    assertThat(configuration.has("high-availability.type")).isFalse();
    JsonNode pod = spec.at("/podTemplate/spec");
    assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName").asText())
        .isEqualTo("sluice-checkpoints");
    assertThat(pod.at("/containers/0/name").asText()).isEqualTo("flink-main-container");
    assertThat(pod.at("/containers/0/volumeMounts/0/mountPath").asText()).isEqualTo("/checkpoints");
  }

  @Test
  void anObjectStoreNeedsNoVolume() throws IOException {
    JsonNode spec =
        deployment("checkpoints: {dir: 's3://bucket/sluice/', volumeClaim: ''}").get("spec");
    assertThat(spec.has("podTemplate")).isFalse();
    assertThat(spec.at("/flinkConfiguration/execution.checkpointing.savepoint-dir").asText())
        .isEqualTo("s3://bucket/sluice/savepoints");
  }

  @Test
  void anUpgradeFromTheLastStateNeedsHighAvailability() throws IOException {
    JsonNode configuration =
        deployment("job: {upgradeMode: last-state}").at("/spec/flinkConfiguration");
    assertThat(configuration.get("high-availability.type").asText()).isEqualTo("kubernetes");
    assertThat(configuration.get("high-availability.storageDir").asText())
        .isEqualTo("file:///checkpoints/ha");
  }

  @Test
  void givenFlinkOptionsWinAndAreStrings() throws IOException {
    JsonNode configuration =
        deployment(
                "flinkConfiguration: {taskmanager.numberOfTaskSlots: 3, rest.port: 8082,"
                    + " execution.checkpointing.unaligned: true}")
            .at("/spec/flinkConfiguration");
    assertThat(configuration.get("taskmanager.numberOfTaskSlots").isTextual()).isTrue();
    assertThat(configuration.get("taskmanager.numberOfTaskSlots").asText()).isEqualTo("3");
    assertThat(configuration.get("rest.port").asText()).isEqualTo("8082");
    assertThat(configuration.get("execution.checkpointing.unaligned").isTextual()).isTrue();
  }

  @Test
  void theAccountIsBoundToTheRoleByWhichTaskManagersAreStarted() throws IOException {
    Map<String, JsonNode> all = render("serviceAccount: {create: true, name: reader}");
    assertThat(all.get("ServiceAccount").at("/metadata/name").asText()).isEqualTo("reader");
    JsonNode binding = all.get("RoleBinding");
    assertThat(binding.at("/subjects/0/name").asText()).isEqualTo("reader");
    assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo("ocr");
    assertThat(binding.at("/roleRef/name")).isEqualTo(all.get("Role").at("/metadata/name"));
    assertThat(strings(all.get("Role").at("/rules/0/resources"))).contains("pods", "configmaps");
    assertThat(strings(all.get("Role").at("/rules/0/verbs"))).contains("create", "delete");
  }

  @Test
  void anAccountThatExistsIsLeftAlone() throws IOException {
    Map<String, JsonNode> all = render("serviceAccount: {create: false, name: flink}");
    assertThat(all).containsOnlyKeys("FlinkDeployment");
    assertThat(all.get("FlinkDeployment").at("/spec/serviceAccount").asText()).isEqualTo("flink");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka: {brokers: ''}",
        "kafka: {brokers: 'no-port'}",
        "kafka: {topics: {requests: 'two words'}}",
        "job: {parallelism: 0}",
        "job: {parallelism: many}",
        "job: {upgradeMode: later}",
        "job: {modelsDir: models}",
        "flinkVersion: '2.3'",
        "taskManager: {memory: 6GB}",
        "taskManager: {cpu: 0}",
        "checkpoints: {dir: 'checkpoints'}",
        "checkpoints: {volumeClaim: ''}",
        "image: {pullPolicy: Sometimes}",
        "paralelism: 3"
      })
  void aValueThatCannotBeMeantIsRefusedByName(String values) {
    String key = values.replaceAll(":.*", "");
    assertThatThrownBy(() -> template(values)).hasMessageContaining(key);
  }
}
