// The error numbers that the modelled functions return, negated as in C.
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EBUSY = 16;
export const ENODEV = 19;
export const EINVAL = 22;
/** Kernel-internal: the system call starts again once the signal has been handled. */
export const ERESTARTNOINTR = 513;

const names = new Map<number, string>([
  [ENOENT, 'ENOENT'],
  [ESRCH, 'ESRCH'],
  [EINTR, 'EINTR'],
  [EAGAIN, 'EAGAIN'],
  [ENOMEM, 'ENOMEM'],
  [EBUSY, 'EBUSY'],
  [ENODEV, 'ENODEV'],
  [EINVAL, 'EINVAL'],
  [ERESTARTNOINTR, 'ERESTARTNOINTR'],
]);

/** How a return value reads: `0`, `-ENOMEM`. */
export function showErrno(ret: number): string {
  const name = names.get(-ret);
  return name === undefined ? String(ret) : `-${name}`;
}
