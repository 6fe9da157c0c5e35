"""The same numbers by SciPy, as a team would compute them: read both files, then one column after the other."""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon

start = time.perf_counter()
reference, current = pd.read_csv(sys.argv[1]), pd.read_csv(sys.argv[2])
loaded = time.perf_counter()
found = {}
for name in reference:
    a, b = reference[name].to_numpy(float), current[name].to_numpy(float)
    nulls = [float(np.isnan(a).mean()), float(np.isnan(b).mean())]
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    cuts = np.unique(np.quantile(a, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]))
    bins = len(cuts) + 1
    left = np.bincount(np.searchsorted(cuts, a, side="left"), minlength=bins)
    right = np.bincount(np.searchsorted(cuts, b, side="left"), minlength=bins)
    p, q = (left + 0.5) / (len(a) + 0.5 * bins), (right + 0.5) / (len(b) + 0.5 * bins)
    ks = stats.ks_2samp(a, b)
    found[name] = {
        "psi": float(((q - p) * np.log(q / p)).sum()),
        "jensen_shannon": float(jensenshannon(left, right, base=2)),
        "wasserstein": float(stats.wasserstein_distance(a, b)),
        "ks": float(ks.statistic),
        "null_rate": nulls[1],
    }
end = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
json.dump(
    {
        "versions": f"SciPy {scipy.__version__}, NumPy {np.__version__}, pandas {pd.__version__}",
        "loadSeconds": loaded - start,
        "seconds": end - start,
        "cpuSeconds": used.ru_utime + used.ru_stime,
        "memoryMb": used.ru_maxrss / 1024,
        "found": found,
    },
    sys.stdout,
)
