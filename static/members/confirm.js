// Fills in the digits that a picture on a person's phone brought along behind the "#" of the address.
const digits = /^#(\d{8})$/.exec(location.hash);
const field = document.getElementById("id_codes");
if (digits && field && !field.value) {
  field.value = digits[1];
  history.replaceState(null, "", location.pathname);
}
