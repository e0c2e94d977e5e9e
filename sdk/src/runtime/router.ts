/** The routes of a node: its services, and their actions by path and by number. */

import { type Match, matchTemplate } from "../paths/templates.js";
import type { Action, Service } from "./service.js";

export class Router {
  readonly services = new Map<string, Service>();
  /** The actions by their paths, those with variable parts aside. */
  readonly actions = new Map<string, Action>();
  /** The actions whose paths have variable parts. */
  readonly templates = new Set<Action>();
  /** The actions by the numbers that Rust knows them by. */
  readonly #actionsByNumber = new Map<number, Action>();

  /** Adds a service; Rust knows its actions by numbers from `first` on. */
  add(service: Service, first: number): void {
    this.services.set(service.path, service);
    for (const [index, action] of service.actions.entries()) {
      action.number = first + index;
      this.#actionsByNumber.set(action.number, action);
      if (action.isTemplate) this.templates.add(action);
      else this.actions.set(action.path, action);
    }
  }

  remove(service: Service): void {
    this.services.delete(service.path);
    for (const action of service.actions) {
      this.#actionsByNumber.delete(action.number);
      this.actions.delete(action.path);
      this.templates.delete(action);
    }
  }

  byNumber(number: number): Action | undefined {
    return this.#actionsByNumber.get(number);
  }

  /** The template that a path matches: the first that was added. */
  matchTemplate(path: string): [Action, Match] | [undefined, undefined] {
    for (const action of this.templates) {
      const match = matchTemplate(action.path, path);
      if (match !== undefined) return [action, match];
    }
    return [undefined, undefined];
  }
}
