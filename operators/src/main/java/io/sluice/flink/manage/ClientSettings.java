package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Objects;

/**
 * How a job is a client of a resource manager that jobs share.
 *
 * @param client name of the job among the clients; of one name there is one job at a time
 * @param tenant on whose account it works; empty for nobody's
 * @param termMillis for how long what it holds is good unless it renews, which it does thrice as
 *     often; so long after the job has gone its units are free
 */
public record ClientSettings(String client, String tenant, long termMillis)
    implements Serializable {
  /** How long a unit stays with a job that has gone, if nothing else is said. */
  public static final long STANDARD_TERM_MILLIS = 3000;

  private static final long MIN_TERM_MILLIS = 100;
  private static final long MAX_TERM_MILLIS = 86_400_000;

  /**
   * @throws SluiceException SLUICE_USAGE for a term out of range or a missing name
   */
  public ClientSettings {
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(tenant, "tenant");
    if (client.isEmpty() || termMillis < MIN_TERM_MILLIS || termMillis > MAX_TERM_MILLIS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "client '" + client + "', a term of " + termMillis + " ms",
          "client of the resource manager",
          "give a name, and a term of " + MIN_TERM_MILLIS + " ms to a day");
    }
  }
}
