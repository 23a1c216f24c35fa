// A word processor puts its page beside the plain text: hand it to the portal, which keeps words only.
// Without this script the plain text is sent, which cuts into articles as well.
document.querySelectorAll("form[data-paste]").forEach((form) => {
  const page = form.elements.html;
  const text = form.elements.text;
  text.addEventListener("paste", (event) => {
    const whole = text.selectionStart === 0 && text.selectionEnd === text.value.length;
    page.value = whole ? event.clipboardData.getData("text/html") : "";
  });
  // What is typed afterwards is meant: then the plain text counts.
  text.addEventListener("input", (event) => {
    if (event.inputType !== "insertFromPaste") page.value = "";
  });
});
