/** Runs one action at a time for each key: whoever asks meanwhile gets the outcome of the one under way. */
export function singleFlight<Value>() {
  const underWay = new Map<string, Promise<Value>>();
  return (key: string, action: () => Promise<Value>): Promise<Value> => {
    const running = underWay.get(key);
    if (running) return running;
    const started = action().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}
