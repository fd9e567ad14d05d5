// struct flex_array of v3.14.1, as far as its size goes: a page that holds pointers to further pages, each with as many
// elements as fit. Where all elements fit into the first page there are no others. From this comes its limit.

/** Bytes of a pointer on x86-64, and of a page there: include/asm/page.h. */
export const POINTER_SIZE = 8;
export const PAGE_SIZE = 4096;

/** Three ints, and struct reciprocal_value with its u32 and two u8, padded: include/linux/flex_array.h, v3.14.1. */
const fields = [4, 4, 4, 8];

/** struct task_and_cgroup, three pointers: kernel/cgroup.c, v3.14.1. */
export const TASK_AND_CGROUP_SIZE = 3 * POINTER_SIZE;

/** offsetof(struct flex_array, parts): the pointers begin where one may lie. */
function partsOffset(): number {
  const bytes = fields.reduce((sum, size) => sum + size, 0);
  return Math.ceil(bytes / POINTER_SIZE) * POINTER_SIZE;
}

export class FlexArrayLayout {
  /** FLEX_ARRAY_BASE_BYTES_LEFT. */
  readonly bytesLeft: number;
  /** FLEX_ARRAY_NR_BASE_PTRS. */
  readonly pointers: number;
  /** FLEX_ARRAY_ELEMENTS_PER_PART(). */
  readonly perPart: number;
  /** flex_array_alloc() returns NULL for more elements than these: lib/flex_array.c, v3.14.1. */
  readonly max: number;
  readonly #elementSize: number;

  constructor(elementSize: number, pageSize: number) {
    this.#elementSize = elementSize;
    this.bytesLeft = pageSize - partsOffset();
    this.pointers = Math.floor(this.bytesLeft / POINTER_SIZE);
    this.perPart = Math.floor(pageSize / elementSize);
    this.max = this.pointers * this.perPart;
  }

  /** How many parts flex_array_prealloc() allocates for all elements: none where they fit into the base. */
  partsOf(total: number): number {
    if (total * this.#elementSize <= this.bytesLeft) return 0;
    return Math.ceil(total / this.perPart);
  }
}
