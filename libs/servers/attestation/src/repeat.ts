/** Does `work` again and again, `ms` after it was done; never keeps a process alive. The answer stops it. */
export function repeat(work: () => Promise<void>, ms: number): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void work().finally(next), ms);
    timer.unref();
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
