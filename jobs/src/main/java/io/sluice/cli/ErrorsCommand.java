package io.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.ErrorCatalog;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what error ids mean. */
@Command(
    name = "errors",
    description = "What an error id means and what to do about it; all ids without CODE.")
final class ErrorsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CODE",
      description = "An id, e.g. XIR_SHAPE_UNMATCH, or a number of XRM, e.g. -4.")
  private String code;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    ErrorCatalog catalog = ErrorCatalog.builtIn();
    List<ErrorCatalog.Entry> entries =
        code == null ? catalog.all() : List.of(catalog.find(code).orElseThrow(this::unknown));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(entries));
    } else {
      entries.forEach(e -> out.println(e.id() + ": " + e.text() + "; " + e.remedy()));
    }
    return 0;
  }

  private ParameterException unknown() {
    return new ParameterException(spec.commandLine(), "there is no error id '" + code + "'");
  }
}
