const sum = ([first]) => first;
function (
