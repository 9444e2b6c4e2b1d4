/** @file The steps of the lesson by name, in order: links use them, so none is renamed. What they say is in lesson.ts, which is loaded later. */
export const lessonSteps = [
  "run",
  "predict",
  "reference",
  "reward",
  "key",
  "again",
  "flu",
  "rubric",
  "disagree",
  "student",
  "summaries",
] as const;
export type LessonStep = (typeof lessonSteps)[number];
