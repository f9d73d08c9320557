/** The mean over the tasks of the relative change for the better (Δm of Maninis et al. 2019, equation 4), in percent. */
export function improvement(tasks, metrics, single) {
  const changes = Object.entries(tasks).map(([task, [, higher]]) => {
    const change = (metrics[task] - single[task]) / Math.abs(single[task]);
    return higher ? change : -change;
  });
  return (100 * changes.reduce((a, x) => a + x, 0)) / changes.length;
}
