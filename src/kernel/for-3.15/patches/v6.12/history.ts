// What the paths of v6.12 stand on: the era with every earlier patch of the series.
import type { CsetCgroupFromRoot } from '../0003.js';
import type { FourSteps } from '../0004.js';
import type { Taskset } from '../0002.js';
import type { For315 } from '../../for-3.15.js';
import type { ThreadgroupRwsem } from '../threadgroup-rwsem.js';

export type Until612 = For315 & Taskset & CsetCgroupFromRoot & FourSteps & ThreadgroupRwsem;
