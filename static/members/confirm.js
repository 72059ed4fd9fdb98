// Fills in the digits that the QR code on a person's phone carries after the "#" of the URL.
const digits = /^#(\d{8})$/.exec(location.hash);
const field = document.getElementById("id_codes");
if (digits && field && !field.value) {
  field.value = digits[1];
  history.replaceState(null, "", location.pathname);
}
