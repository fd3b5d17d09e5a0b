package dev.dragoman.multimodal.ocr;

import dev.dragoman.models.MissingModelException;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.sourceforge.tess4j.ITessAPI;

/** The files Tesseract needs, out of the jars they come in. */
final class TesseractFiles {
  private static final String SUFFIX = ".traineddata";
  private static final List<String> BUILT_IN = List.of("eng", "osd");
  private static final List<String> LIBRARIES =
      List.of(
          "/org/bytedeco/tesseract/linux-x86_64/libtesseract.so.5.5",
          "/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6",
          "/org/bytedeco/leptonica/linux-x86_64/libgomp.so.1");

  private final CacheFolder cache;

  TesseractFiles(Path cache) {
    this.cache = new CacheFolder(cache);
  }

  /** The folder with the native libraries. */
  Path libraries() {
    SortedMap<String, CacheFolder.Source> files = new TreeMap<>();
    for (String resource : LIBRARIES) {
      files.put(resource.substring(resource.lastIndexOf('/') + 1), () -> resource(resource));
    }
    return cache.holding("tesseract-libraries", files);
  }

  /**
   * The folder with the trained data of these languages and of the orientation detector.
   *
   * @param folders looked through in order, each for {@code nld.traineddata} and for {@code
   *     tessdata-nld/nld.traineddata}, before the built-in English
   * @throws MissingModelException if a language is in none of them
   */
  Path trainedData(List<String> languages, List<Path> folders) {
    SortedMap<String, CacheFolder.Source> files = new TreeMap<>();
    files.put("osd" + SUFFIX, () -> resource("/tessdata/osd" + SUFFIX));
    for (String language : languages) {
      files.put(language + SUFFIX, source(language, folders));
    }
    return cache.holding("tessdata", files);
  }

  private static CacheFolder.Source source(String language, List<Path> folders) {
    String name = language + SUFFIX;
    for (Path folder : folders) {
      for (Path file :
          List.of(folder.resolve(name), folder.resolve("tessdata-" + language, name))) {
        if (Files.isRegularFile(file)) {
          return () -> Files.newInputStream(file);
        }
      }
    }
    if (BUILT_IN.contains(language)) {
      return () -> resource("/tessdata/" + name);
    }
    throw new MissingModelException("tessdata-" + language);
  }

  private static InputStream resource(String name) throws FileNotFoundException {
    InputStream in = ITessAPI.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException(name + " is not on the class path");
    }
    return in;
  }
}
