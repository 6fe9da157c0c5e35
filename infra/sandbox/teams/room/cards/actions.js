import { h } from './dom.js';
import { float } from './menu.js';

/**
 * Actions that Teams knows and the library does not: Action.Popover, Action.OpenUrlDialog, Action.ResetInputs.
 * @param {any} AC the library
 */
export function registerActions(AC) {
  class PopoverAction extends AC.Action {
    getJsonTypeName() {
      return 'Action.Popover';
    }
    /** @param {any} source @param {any} context */
    internalParse(source, context) {
      super.internalParse(source, context);
      this.content = source.content;
    }
  }
  class OpenUrlDialogAction extends AC.OpenUrlAction {
    getJsonTypeName() {
      return 'Action.OpenUrlDialog';
    }
    /** @param {any} source @param {any} context */
    internalParse(source, context) {
      super.internalParse(source, context);
      this.url = source.dialogUrl ?? source.url;
    }
  }
  class ResetInputsAction extends AC.Action {
    getJsonTypeName() {
      return 'Action.ResetInputs';
    }
    /** @param {any} source @param {any} context */
    internalParse(source, context) {
      super.internalParse(source, context);
      this.targets = Array.isArray(source.targetInputIds) ? source.targetInputIds : [];
    }
    execute() {
      const inputs = this.getRootObject()?.getAllInputs?.(true) ?? [];
      for (const input of inputs) if (this.targets.length === 0 || this.targets.includes(input.id)) input.resetValue();
    }
  }
  AC.GlobalRegistry.actions.register('Action.Popover', PopoverAction, AC.Versions.v1_0);
  AC.GlobalRegistry.actions.register('Action.OpenUrlDialog', OpenUrlDialogAction, AC.Versions.v1_0);
  AC.GlobalRegistry.actions.register('Action.ResetInputs', ResetInputsAction, AC.Versions.v1_0);
}

/** @param {any} action */
export const isPopover = (action) => action.getJsonTypeName() === 'Action.Popover';

/**
 * @param {any} action
 * @param {HTMLElement} anchor
 * @param {(card: unknown) => { element: HTMLElement, dispose: () => void }} render
 */
export function openPopover(action, anchor, render) {
  const body = Array.isArray(action.content) ? action.content : [action.content ?? { type: 'TextBlock', text: '' }];
  const content = render({ type: 'AdaptiveCard', version: '1.5', body });
  const surface = h(
    'div',
    { class: 'popover', role: 'dialog', 'aria-label': action.title ?? 'Details', tabindex: '-1' },
    content.element,
  );
  float(anchor, surface, content.dispose);
  surface.focus();
}
