export const leapYear = (year: number): boolean => {
  if (year < 0) throw new Error("no such year");
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
};
