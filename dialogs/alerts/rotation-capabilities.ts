import { applyRotation } from './apply-rotation.ts';
import { callSchedule } from './call-schedule.ts';
import { changeRotation } from './change-rotation.ts';
import { deleteRotation } from './delete-rotation.ts';
import { newRotation } from './new-rotation.ts';
import { rotationStep } from './rotation-step.ts';
import { stopCalling } from './stop-calling.ts';
import { undoRotation } from './undo-rotation.ts';

/** Rotations that people plan in chat, and the policies that call them. */
export const rotationCapabilities = [
  newRotation,
  changeRotation,
  rotationStep,
  applyRotation,
  deleteRotation,
  undoRotation,
  callSchedule,
  stopCalling,
];
