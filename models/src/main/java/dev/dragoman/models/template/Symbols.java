package dev.dragoman.models.template;

import dev.dragoman.models.template.Stmt.Load;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names known in one block of a template. Which variable a name means is decided for a whole
 * block at once, as Jinja's compiler does: a name that is set anywhere in a block is a variable of
 * that block from its start, with the value of the one further out until it is set.
 */
final class Symbols {
  /** The variables of one function. */
  static final class Places {
    final int level;
    private final Map<String, Slot> slots = new HashMap<>();

    Places(int level) {
      this.level = level;
    }

    Slot place(String identifier) {
      return slots.computeIfAbsent(identifier, _ -> new Slot(level, slots.size()));
    }

    int size() {
      return slots.size();
    }
  }

  private enum Start {
    PARAMETER,
    CONTEXT,
    OUTER,
    UNSET
  }

  private record Beginning(Start start, String name, @Nullable Slot outer) {}

  final Places places;
  private final @Nullable Symbols parent;
  private final String prefix;
  private final int depth;
  private final Map<String, Slot> refs = new HashMap<>();
  private final Map<Slot, Beginning> loads = new LinkedHashMap<>();
  private final Set<String> stores = new HashSet<>();

  private Symbols(@Nullable Symbols parent, Places places, String prefix, int depth) {
    this.parent = parent;
    this.places = places;
    this.prefix = prefix;
    this.depth = depth;
  }

  static Symbols root() {
    return new Symbols(null, new Places(0), "", 0);
  }

  /** A block inside this one. Blocks with another prefix share no places. */
  Symbols inner(String kind) {
    return new Symbols(this, places, kind, depth + 1);
  }

  /** The block of a function inside this block. */
  Symbols function() {
    return new Symbols(this, new Places(places.level + 1), "", depth + 1);
  }

  /** The same block, in one of several branches. */
  Symbols branch() {
    Symbols copy = new Symbols(parent, places, prefix, depth);
    copy.refs.putAll(refs);
    copy.loads.putAll(loads);
    copy.stores.addAll(stores);
    return copy;
  }

  private Slot define(String name, Start start, @Nullable Slot outer) {
    Slot slot = places.place(prefix + depth + " " + name);
    refs.put(name, slot);
    loads.put(slot, new Beginning(start, name, outer));
    return slot;
  }

  private @Nullable Slot find(String name) {
    Slot slot = refs.get(name);
    return slot != null || parent == null ? slot : parent.find(name);
  }

  /** The place of a name that was loaded or stored before. */
  Slot ref(String name) {
    Slot slot = find(name);
    return slot != null ? slot : define(name, Start.CONTEXT, null);
  }

  void load(String name) {
    if (find(name) == null) {
      define(name, Start.CONTEXT, null);
    }
  }

  void store(String name) {
    stores.add(name);
    if (!refs.containsKey(name)) {
      Slot outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? Start.UNSET : Start.OUTER, outer);
    }
  }

  void parameter(String name) {
    stores.add(name);
    define(name, Start.PARAMETER, null);
  }

  /** Takes over what was found in branches of which one is run, or none. */
  void join(List<Symbols> branches) {
    Set<String> stored = new HashSet<>();
    branches.forEach(branch -> stored.addAll(branch.stores));
    stored.removeAll(stores);
    for (Symbols branch : branches) {
      refs.putAll(branch.refs);
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    for (String name : stored) {
      Slot outer = parent == null ? null : parent.find(name);
      loads.put(ref(name), new Beginning(outer == null ? Start.CONTEXT : Start.OUTER, name, outer));
    }
  }

  /** What is to be done when the block is entered. */
  List<Load> loads() {
    List<Load> result = new ArrayList<>();
    loads.forEach((slot, beginning) -> {
      Slot outer = beginning.outer();
      switch (beginning.start()) {
        case PARAMETER -> {}
        case CONTEXT -> result.add(new Stmt.FromContext(slot, beginning.name()));
        case UNSET -> result.add(new Stmt.Unset(slot));
        case OUTER -> {
          if (outer != null) {
            result.add(new Stmt.FromOuter(slot, outer, places.level - outer.level()));
          }
        }
      }
    });
    return List.copyOf(result);
  }
}
