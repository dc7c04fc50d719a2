/** How a call of a ccxt class ended: by the name of the error that the class made of it, or answered. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error: Error) => error.constructor.name,
  );
}
