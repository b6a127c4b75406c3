import { HOUR } from '../evidence/instant.ts';

export interface Group {
  taskGroupId: string;
  schedulerId: string;
  expires: number;
  sealed?: number;
  taskIds: Set<string>;
}

/** Task groups, made with their first task and gone an hour after their last one's `expires`. */
export class Groups {
  readonly #groups = new Map<string, Group>();

  find(taskGroupId: string, now: number): Group | undefined {
    const group = this.#groups.get(taskGroupId);
    if (group === undefined || group.expires > now) return group;
    this.#groups.delete(taskGroupId);
    return undefined;
  }

  /** The group, made or kept alive for a task of it; undefined where the group is another scheduler's. */
  ensure(taskGroupId: string, schedulerId: string, taskExpires: number, now: number): Group | undefined {
    const found = this.find(taskGroupId, now);
    if (found !== undefined && found.schedulerId !== schedulerId) return undefined;
    const group = found ?? { taskGroupId, schedulerId, expires: taskExpires + HOUR, taskIds: new Set() };
    if (taskExpires > group.expires) group.expires = taskExpires + HOUR;
    this.#groups.set(taskGroupId, group);
    return group;
  }
}
