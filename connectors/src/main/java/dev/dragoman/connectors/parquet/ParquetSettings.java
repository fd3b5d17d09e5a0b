package dev.dragoman.connectors.parquet;

import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.conf.ParquetConfiguration;

/**
 * What Parquet's readers and writers are told. Parquet keeps its codecs for the whole process, and
 * each keeps the settings it was made with. Settings would keep the class loader of the thread, and
 * a worker of Flink closes that one with the job, which makes every later job of the worker fail;
 * so they are told to use the one that loaded this class.
 */
final class ParquetSettings {
  private ParquetSettings() {}

  static ParquetConfiguration defaults() {
    Configuration settings = new Configuration(false);
    settings.setClassLoader(ParquetSettings.class.getClassLoader());
    return new HadoopParquetConfiguration(settings);
  }
}
