// cgroup core of the branch cgroup/for-3.15, on which the task migration series was posted, as it was before
// "cgroup: update cgroup_enable_task_cg_lists() to grab siglock": the first patch of the series here.
import { Directories } from './directories.js';

export class For315 extends Directories {}
