import { applyRotation } from './apply-rotation.ts';
import { changeRotation } from './change-rotation.ts';
import { deleteRotation } from './delete-rotation.ts';
import { newRotation } from './new-rotation.ts';
import { rotationStep } from './rotation-step.ts';
import { undoRotation } from './undo-rotation.ts';

/** Rotations that people plan in chat. */
export const rotationCapabilities = [
  newRotation,
  changeRotation,
  rotationStep,
  applyRotation,
  deleteRotation,
  undoRotation,
];
