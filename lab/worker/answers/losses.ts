export const names = (): { name: string; family: string }[] => [];
