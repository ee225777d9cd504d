/** An exception as Python names it: `KeyError: 'fp4_tflops'`. */
export const raised = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name });
