// Small casts for properties and their mutants. All tasks are in /F unless said otherwise.
import { CLONE_THREAD } from '../../src/kernel/index.js';
import { on } from '../kernel/go-on.js';
import { charging } from '../../scenarios/seed-000/subsystems.js';
import type { Staging } from './kernel-program.js';

export const forkVsTransfer: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const parent = k.task('parent', F);
  const other = k.task('other');
  return [
    on('fork', parent, (cpu) => k.copy_process(cpu)),
    on('transfer', other, (cpu) => k.cgroup_transfer_tasks(cpu, D, F)),
  ];
};

/** A bystander stays in /F, so that its css_set outlives the move. */
export const forkVsAttach: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const parent = k.task('parent', F);
  const bystander = k.task('bystander', F);
  return [
    on('fork', parent, (cpu) => k.copy_process(cpu)),
    on('attach', bystander, (cpu) => k.attach_task_by_pid(cpu, D, parent, false)),
  ];
};

/** The parent is alone in /F: when it is moved, nobody holds the css_set any more. */
export const lonelyForkVsAttach: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const parent = k.task('parent', F);
  return [
    on('fork', parent, (cpu) => k.copy_process(cpu)),
    on('attach', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, D, parent, false)),
  ];
};

export const fork: Staging = (k) => [
  on('fork', k.task('parent', k.mkdir('/F')), (cpu) => k.copy_process(cpu)),
];

/** A thread is made while a signal is pending: copy_process() gives up. */
export const failingFork: Staging = (k) => {
  const parent = k.task('parent', k.mkdir('/F'));
  k.set_sigpending(parent);
  return [on('fork', parent, (cpu) => k.copy_process(cpu, CLONE_THREAD))];
};

export const exit: Staging = (k) => [
  on('exit', k.task('task', k.mkdir('/F')), (cpu) => k.do_exit(cpu)),
];

/** A task is moved to /D, where there is one already. */
export const attach: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  const resident = k.task('resident', D);
  return [on('attach', resident, (cpu) => k.attach_task_by_pid(cpu, D, task, false))];
};

/** The very task exits that is to be moved to /D. */
export const exitVsAttach: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  const bystander = k.task('bystander', F);
  return [
    on('exit', task, (cpu) => k.do_exit(cpu)),
    on('attach', bystander, (cpu) => k.attach_task_by_pid(cpu, D, task, false)),
  ];
};

/** The only task of /D exits while another one is moved there. */
export const lastExitVsAttach: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  const resident = k.task('resident', D);
  return [
    on('exit', resident, (cpu) => k.do_exit(cpu)),
    on('attach', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, D, task, false)),
  ];
};

export const transfer: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  k.task('first', F);
  k.task('second', F);
  return [on('transfer', k.task('other'), (cpu) => k.cgroup_transfer_tasks(cpu, D, F))];
};

/** Somebody brings a task to /F while that is being emptied. */
export const transferVsArrival: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  k.task('resident', F);
  const arrival = k.task('arrival');
  return [
    on('transfer', k.task('other'), (cpu) => k.cgroup_transfer_tasks(cpu, D, F)),
    on('attach', arrival, (cpu) => k.attach_task_by_pid(cpu, F, arrival, false)),
  ];
};

/** The first mount, while one of two threads exits. */
export const enableVsExit: Staging = (k) => {
  k.before_first_mount();
  const leader = k.task('leader');
  return [
    on('mount', leader, (cpu) => k.cgroup_mount(cpu)),
    on('exit', k.thread(leader, 'thread'), (cpu) => k.do_exit(cpu)),
  ];
};

/** The first mount, while the only process forks. */
export const enableVsFork: Staging = (k) => {
  k.before_first_mount();
  const parent = k.task('parent');
  return [
    on('fork', parent, (cpu) => k.copy_process(cpu)),
    on('mount', parent, (cpu) => k.cgroup_mount(cpu)),
  ];
};

export const enable: Staging = (k) => {
  k.before_first_mount();
  const leader = k.task('leader');
  k.thread(leader, 'thread');
  return [on('mount', leader, (cpu) => k.cgroup_mount(cpu))];
};

/** The first mount, while a process of one thread exits. */
export const enableVsExitOfProcess: Staging = (k) => {
  k.before_first_mount();
  const mounter = k.task('mounter');
  return [
    on('mount', mounter, (cpu) => k.cgroup_mount(cpu)),
    on('exit', k.task('task'), (cpu) => k.do_exit(cpu)),
  ];
};

/** A child is moved by its pid as soon as it can be found. */
export const attachOfTheForked: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const parent = k.task('parent', F);
  return [
    on('fork', parent, (cpu) => k.copy_process(cpu)),
    on('attach', parent, function* (cpu) {
      const child = yield* k.youngest_process(cpu);
      if (child === undefined || child === parent) return;
      yield* k.attach_task_by_pid(cpu, D, child, false);
    }),
  ];
};

/** The tasks of /F are listed while a subsystem is asked whether one of them may go. */
export const listVsAttach: Staging = (k) => {
  k.subsystem(charging());
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  return [
    on('attach', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, D, task, false)),
    on('list', k.task('reader'), (cpu) => k.pidlist_array_load(cpu, F)),
  ];
};

/** A subsystem is asked, and told, of one task. */
export const attachWithSubsystem: Staging = (k) => {
  k.subsystem(charging());
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  return [on('attach', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, D, task, false))];
};

/** A process of two threads is moved, and a subsystem asked. */
export const processAttach: Staging = (k) => {
  k.subsystem(charging());
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const leader = k.task('leader', F);
  k.thread(leader, 'thread');
  return [on('attach', leader, (cpu) => k.attach_task_by_pid(cpu, D, leader, true))];
};

/** The second of two subsystems refuses. */
export const vetoedAttach: Staging = (k) => {
  k.subsystem(charging());
  k.subsystem({
    name: 'refusing',
    *can_attach() {
      return -1;
    },
  });
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const task = k.task('task', F);
  return [on('attach', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, D, task, false))];
};
