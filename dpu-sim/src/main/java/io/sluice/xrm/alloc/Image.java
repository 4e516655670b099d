package io.sluice.xrm.alloc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is loaded on a device and makes its units, as an xclbin does.
 *
 * @param name of its file
 * @param uuid two images are the same if this is
 * @param shell the platform that it was built for; empty for any
 * @param units at least one in the fabric, of different names, at most {@value #MAX_UNITS}
 */
public record Image(String name, String uuid, String shell, List<UnitSpec> units) {
  /** XRM takes 144 on a card; a fleet of ours may have larger ones. */
  public static final int MAX_UNITS = 1024;

  public Image {
    Names.check("image name", name);
    Names.check("uuid", uuid);
    Names.checkOrEmpty("shell", shell);
    units = List.copyOf(units);
    Set<String> names = new HashSet<>();
    units.forEach(unit -> names.add(unit.name()));
    if (names.size() < units.size()) {
      throw new IllegalArgumentException("image " + name + " has two units of one name");
    }
    if (units.size() > MAX_UNITS
        || units.stream().noneMatch(unit -> unit.type() != UnitSpec.Type.SOFT)) {
      throw new IllegalArgumentException(
          "image " + name + " has " + units.size() + " units; it needs one in the fabric");
    }
  }

  /** Whether a device of a shell can load it. */
  public boolean fits(String deviceShell) {
    return shell.isEmpty() || shell.equals(deviceShell);
  }
}
