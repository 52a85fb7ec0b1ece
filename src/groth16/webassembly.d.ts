/** The part of the WebAssembly interface this project uses: TypeScript keeps it in the DOM's types, which a Node program should not see. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    private constructor();
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(bytes: Uint8Array, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<{ module: Module; instance: Instance }>;
  function validate(bytes: Uint8Array): boolean;
  function instantiate(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<Instance>;
}
