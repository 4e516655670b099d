package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.dpu.BatchingTable.Row;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What has to hold of {@link BatchingTable} whatever the figures are. */
@Tag("slow")
class BatchingTableTest {
  @Test
  void batchesGrowWithTheLoadAndTheDelayAndFreeTheUnit() throws Exception {
    BatchingTable table = new BatchingTable();
    System.out.print(table.toText());
    List<Row> rows = table.rows();
    int perLoad = BatchingTable.settings().size();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.batching().equals("off")) {
        assertThat(row.meanBatch()).isEqualTo(1);
      } else {
        assertThat(row.meanBatch()).isBetween(1.0, 14.0);
        assertThat(row.busy()).isBetween(row.load() - 0.01, 1.0);
        if (i % perLoad > 1) {
          Row shorter = rows.get(i - 1);
          assertThat(row.meanBatch()).isGreaterThanOrEqualTo(shorter.meanBatch() - 0.01);
          assertThat(row.busy()).isLessThanOrEqualTo(shorter.busy() + 0.01);
        }
        if (i >= perLoad) {
          assertThat(row.meanBatch()).isGreaterThan(rows.get(i - perLoad).meanBatch());
        }
      }
    }
  }
}
