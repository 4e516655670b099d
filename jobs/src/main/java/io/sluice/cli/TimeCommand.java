package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.dpu.timing.ModelProfile;
import io.sluice.dpu.timing.TimeTable;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import io.sluice.xir.XModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the modelled time of a compiled model, superlayer by superlayer. */
@Command(
    name = "time",
    description = "Model how long a compiled model takes on a platform; nothing is measured.")
final class TimeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.xmodel", description = "A compiled model.")
  private Path input;

  @Option(
      names = "--platform",
      required = true,
      paramLabel = "P",
      description =
          "A board: zcu102, zcu104, kv260, vck190, vek280, v70, vck5000, u50, u50lv, u55c, u280,"
              + " u200, u250 or a variant of one. It is taken to carry units of the model's target.")
  private String platform;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Platform resolved = Platforms.builtIn().byName(platform);
    ModelProfile model = ModelProfile.of(XModel.read(input));
    TimeTable table = TimeTable.of(model, resolved.carrying(model.target(), Targets.builtIn()));
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      writer.println(new ObjectMapper().writeValueAsString(table));
    } else {
      writer.print(table.toText());
    }
    return 0;
  }
}
