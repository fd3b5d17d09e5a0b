package dev.dragoman.jobs;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.jobs.log.Logs;
import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.pipelines.RecipeException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the command line. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    boolean debug = Arrays.asList(args).contains("--debug");
    Logs.configure(debug);
    int code = run(args, System.getenv());
    System.out.flush();
    System.err.flush();
    // A failed embedded Flink leaves threads behind that would keep the JVM alive.
    System.exit(code);
  }

  /** Runs one command; answers its exit code. */
  static int run(String[] args, Map<String, String> environment) {
    try {
      CommandLine commandLine = commandLine(environment);
      return commandLine.execute(args);
    } catch (UserException e) {
      System.err.println("dragoman: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }

  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine commandLine = new CommandLine(new Dragoman());
    commandLine.setDefaultValueProvider(Settings.load(environment));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Main::explain);
    commandLine.setExecutionExceptionHandler(Main::report);
    return commandLine;
  }

  private static int explain(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    String message = e.getMessage() == null ? "wrong usage" : firstLine(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      List<String> known =
          word.startsWith("-")
              ? e.getCommandLine().getCommandSpec().options().stream()
                  .map(CommandLine.Model.OptionSpec::longestName)
                  .toList()
              : List.copyOf(e.getCommandLine().getSubcommands().keySet());
      message =
          (word.startsWith("-") ? "there is no flag '" : "there is no command '")
              + word
              + "'"
              + (known.isEmpty() ? " here" : Nearest.hint(word, known));
    }
    err.println("dragoman: " + message);
    err.println("  " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help tells more");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int report(Exception thrown, CommandLine commandLine, ParseResult parsed) {
    Throwable e = cause(thrown);
    PrintWriter err = commandLine.getErr();
    boolean debug = Logs.debug();
    if (debug) {
      thrown.printStackTrace(err);
    }
    int code =
        switch (e) {
          case UserException _,
              UsageException _,
              RecipeException _,
              ConfigException _,
              MissingModelException _ ->
              ExitCode.USAGE;
          case InterruptedException _ -> ExitCode.INTERRUPTED;
          default -> ExitCode.FAILED;
        };
    String message = message(e);
    boolean expected =
        code == ExitCode.USAGE || e instanceof ModelException || e instanceof ClusterException;
    err.println("dragoman: " + (expected ? message : "failed: " + message));
    if (!expected && !debug) {
      err.println("  --debug shows where");
    }
    err.flush();
    return code;
  }

  /** Java's own words for what goes wrong with files are often the bare path. */
  private static String message(Throwable e) {
    return switch (e) {
      case AccessDeniedException denied ->
          "this user may not write to, or read, " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException there -> there.getFile() + " is there already";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /** What brought a graph down, under what the runner wrapped around it. */
  private static Throwable cause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      if (cause instanceof UserException
          || cause instanceof UsageException
          || cause instanceof RecipeException
          || cause instanceof ConfigException
          || cause instanceof ModelException
          || cause instanceof ClusterException) {
        return cause;
      }
      cause = cause.getCause();
    }
    return cause;
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
