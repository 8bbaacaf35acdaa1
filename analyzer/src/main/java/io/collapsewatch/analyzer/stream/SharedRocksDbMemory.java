package io.collapsewatch.analyzer.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One bounded piece of memory for the stores of all partitions. By default each store of each
 * partition may take about 100 MB of its own, which is 2.4 GB on a laptop with four partitions.
 */
public final class SharedRocksDbMemory implements RocksDBConfigSetter {

  private static final long CACHE_BYTES = 96L << 20;
  private static final long WRITE_BUFFER_BYTES = 64L << 20;

  // Lives as long as the process: every store of every instance shares it.
  private static final Cache CACHE = new LRUCache(CACHE_BYTES);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(4L << 20);
  }

  @Override
  public void close(String store, Options options) {
    // The shared memory outlives the store.
  }
}
