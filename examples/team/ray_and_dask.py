"""The bulk check in Ray Data and Dask: it is a function from batches of Arrow to batches of Arrow, which both can map.

python examples/team/ray_and_dask.py outputs.parquet checked.parquet
"""

from __future__ import annotations

import sys

import pyarrow as pa
import pyarrow.parquet as pq

from aicheck_app.batch.arrow import checked
from aicheck_app.batch.options import Options

OPTIONS = Options(key=bytes(32))
"""The same key gives the same pseudonyms and hashes, on any machine: take your team's own (``aicheck team key``)."""


def check(table: pa.Table) -> pa.Table:
    """A table of texts (docs/scale.md has the columns) as one of records.

    Ray Data:  ray.data.read_parquet(URL).map_batches(check, batch_format="pyarrow").write_parquet(URL)
    Dask:      dask.dataframe.read_parquet(URL).map_partitions(lambda frame: check(pa.Table.from_pandas(frame)).to_pandas())
    """
    return pa.Table.from_batches(list(checked(table.to_batches(), OPTIONS)))


if __name__ == "__main__":
    pq.write_table(check(pq.read_table(sys.argv[1])), sys.argv[2])
