package dev.dragoman.models.generate;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.generate.constrain.ConstraintCursor;
import dev.dragoman.models.generate.constrain.Vocabulary;
import dev.dragoman.models.kernel.Kernels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Generates many texts with one model: all that are under way share each step of the model (<a
 * href="https://www.usenix.org/conference/osdi22/presentation/yu">continuous batching</a>), and may
 * join and leave at any. What one gets does not depend on the others. A prompt that begins like
 * another's, under way or done not long ago, takes over its keys and values. Safe for use by many
 * threads; the work is done by one thread of its own, and by those of the model's kernels.
 */
public final class Generator implements AutoCloseable {
  private final Decoder decoder;
  private final Kernels kernels;
  private final Tokenizer tokenizer;
  private final GeneratorOptions options;
  private final Ends ends;
  private final Supplier<Vocabulary> words;
  private final int context;
  private final int vocabulary;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private final List<Request> active = new ArrayList<>();
  private final Prefixes prefixes;
  private final Map<String, Adapter> adapters = new ConcurrentHashMap<>();
  private final Thread thread;
  private boolean closed;

  /**
   * Starts a generator. The model must stay open longer than this.
   *
   * @param ends the ids that end a text
   * @param words the vocabulary as bytes; asked for when the first constraint comes
   * @param kernels for what is done with the scores
   */
  public Generator(
      Decoder decoder,
      Tokenizer tokenizer,
      int[] ends,
      Supplier<Vocabulary> words,
      Kernels kernels,
      GeneratorOptions options) {
    this.decoder = decoder;
    this.kernels = kernels;
    this.tokenizer = tokenizer;
    this.options = options;
    this.ends = new Ends(ends);
    this.words = words;
    this.context = options.context() == 0 ? decoder.positions() : options.context();
    this.vocabulary = Math.min(decoder.vocabulary(), tokenizer.vocabularySize());
    this.prefixes = new Prefixes(options.keptTokens());
    this.thread = Thread.ofPlatform().daemon().name("dragoman-generator").unstarted(this::work);
    thread.start();
  }

  /** How many tokens a prompt and its answer may have together. */
  public int context() {
    return context;
  }

  /**
   * Starts a text.
   *
   * @param prompt token ids, at least one
   * @throws ModelException if the prompt has no tokens or too many, the adapter is unknown, or the
   *     constraint cannot be held with this vocabulary
   */
  public Generation start(int[] prompt, GenerateOptions wanted, TextListener listener) {
    if (prompt.length == 0) {
      throw new ModelException("the prompt is empty");
    }
    if (prompt.length >= context) {
      throw new ModelException(
          "the prompt has %d tokens; with the answer there is room for %d"
              .formatted(prompt.length, context));
    }
    for (int id : prompt) {
      if (id < 0 || id >= decoder.vocabulary()) {
        throw new ModelException(
            "token id %d is outside the vocabulary of %d".formatted(id, decoder.vocabulary()));
      }
    }
    Sequence sequence =
        decoder.sequence(
            (int) Math.min(context, (long) prompt.length + wanted.maxTokens()),
            options.cache(),
            adapter(wanted));
    Optional<ConstraintCursor> cursor = Optional.empty();
    int maskLength = 0;
    if (wanted.constraint().isPresent()) {
      Vocabulary bytes = words.get();
      cursor = Optional.of(wanted.constraint().get().start(bytes));
      maskLength = Math.max(bytes.maskLength(), (vocabulary + Long.SIZE - 1) / Long.SIZE);
    }
    Generation generation = new Generation();
    Request request =
        new Request(
            prompt,
            wanted,
            generation,
            listener,
            tokenizer.stream(true),
            cursor,
            sequence,
            vocabulary,
            maskLength);
    synchronized (waiting) {
      if (closed) {
        throw new IllegalStateException("the generator is closed");
      }
      waiting.add(request);
      waiting.notifyAll();
    }
    return generation;
  }

  /**
   * Gives a LoRA adapter a name by which texts ask for it.
   *
   * @throws IllegalArgumentException if another one has it
   */
  public void add(String name, Adapter adapter) {
    if (adapters.putIfAbsent(name, adapter) != null) {
      throw new IllegalArgumentException("there is an adapter '" + name + "' already");
    }
  }

  private Adapter adapter(GenerateOptions wanted) {
    if (wanted.adapter().isEmpty()) {
      return Adapter.NONE;
    }
    String name = wanted.adapter().get();
    Adapter adapter = adapters.get(name);
    if (adapter == null) {
      throw new ModelException(
          "there is no adapter '%s'; there is %s"
              .formatted(name, new TreeSet<>(adapters.keySet())));
    }
    return adapter;
  }

  private void work() {
    Decoder.Session session = decoder.session();
    Sampler sampler = new Sampler(vocabulary, kernels);
    Step step = new Step();
    List<Request> stepped = new ArrayList<>();
    while (admit()) {
      step.clear();
      stepped.clear();
      fill(step, stepped);
      try {
        session.run(step, Encoder.Layers.UNSEEN);
        draw(session, sampler, step, stepped);
      } catch (RuntimeException | Error e) {
        // The sequences may be half done; whoever waits for them is told.
        stepped.forEach(request -> request.fail(e));
        active.removeAll(stepped);
      }
    }
    active.forEach(request -> request.fail(new IllegalStateException("the generator is closed")));
  }

  /** Texts that are under way first, then what of the prompts there is room for. */
  private void fill(Step step, List<Request> stepped) {
    int room = options.stepTokens();
    for (Request request : active) {
      if (request.decoding()) {
        request.decode(step);
        stepped.add(request);
      }
    }
    for (Request request : active) {
      if (!request.decoding() && room > 0) {
        room -= request.prefill(step, room);
        stepped.add(request);
      }
    }
  }

  private void draw(Decoder.Session session, Sampler sampler, Step step, List<Request> stepped) {
    float[] logits = step.wanted() == 0 ? new float[0] : session.logits();
    int row = 0;
    for (Request request : stepped) {
      try {
        row = request.take(sampler, logits, row, decoder.vocabulary(), ends);
      } catch (RuntimeException e) {
        row += request.rows();
        request.fail(e);
        active.remove(request);
        continue;
      }
      if (request.finished()) {
        prefixes.keep(request.tokens(), request.sequence());
        request.complete();
        active.remove(request);
      }
    }
  }

  /** Lets in what there is room for, waits if there is nothing; whether to go on. */
  private boolean admit() {
    synchronized (waiting) {
      while (true) {
        drop(active);
        drop(waiting);
        if (closed) {
          waiting.forEach(
              request -> request.fail(new IllegalStateException("the generator is closed")));
          waiting.clear();
          return false;
        }
        for (Iterator<Request> next = waiting.iterator();
            next.hasNext() && active.size() < options.atOnce(); ) {
          Request request = next.next();
          if (begin(request)) {
            next.remove();
            active.add(request);
          }
        }
        if (!active.isEmpty()) {
          return true;
        }
        try {
          waiting.wait();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
    }
  }

  private static void drop(Collection<Request> requests) {
    for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
      Request request = all.next();
      if (request.cancelled()) {
        all.remove();
        try {
          request.finish(Finish.CANCELLED);
          request.complete();
        } catch (RuntimeException e) {
          request.fail(e);
        }
      }
    }
  }

  /**
   * Gives a request what is known of its beginning.
   *
   * @return false if more of it will be known soon, since another one is at it
   */
  private boolean begin(Request request) {
    int[] prompt = request.tokens();
    // The last token must be run in any case, for its scores.
    int most = request.promptLength() - 1;
    Adapter adapter = request.sequence().adapter();
    Prefixes.Kept kept = prefixes.find(prompt, most, adapter);
    int known =
        kept == null ? 0 : Prefixes.common(kept.tokens(), kept.tokens().length, prompt, most);
    Sequence from = kept == null ? null : kept.sequence();
    for (Request other : active) {
      if (other.sequence().adapter() != adapter) {
        continue;
      }
      int common =
          Prefixes.common(
              other.tokens(),
              Math.max(other.promptLength(), other.sequence().length()),
              prompt,
              most);
      int there = Math.min(common, other.sequence().length());
      if (there > known) {
        known = there;
        from = other.sequence();
      }
      if (common >= known + Prefixes.WORTH_IT && !other.decoding()) {
        return false;
      }
    }
    request.begin(take(request.sequence(), from, known));
    return true;
  }

  private static int take(Sequence sequence, @Nullable Sequence from, int known) {
    if (from == null || known < Prefixes.WORTH_IT || !sequence.canCopy(from)) {
      return 0;
    }
    sequence.copy(from, known);
    return known;
  }

  /** Ends all texts that are under way with an {@link IllegalStateException}. */
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
