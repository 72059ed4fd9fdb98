// Scans admission tickets with the camera if the browser can detect QR codes. Otherwise the button stays hidden: staff
// enter the digits, or open the URL of the code with the camera app of the phone.
const box = document.querySelector("[data-door-camera]");
if (box && "BarcodeDetector" in window && navigator.mediaDevices) {
  const video = box.querySelector("[data-door-video]");
  const start = box.querySelector("[data-door-start]");
  box.hidden = false;

  const read = async (detector) => {
    const [found] = await detector.detect(video).catch(() => []);
    let address = null;
    try {
      address = found && new URL(found.rawValue);
    } catch {
      address = null;
    }
    if (address && address.origin === location.origin && address.pathname.includes("/door/")) {
      for (const track of video.srcObject.getTracks()) track.stop();
      location.assign(address.pathname);
      return;
    }
    setTimeout(() => read(detector), 250);
  };
  start.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      box.hidden = true;
      return;
    }
    video.hidden = false;
    start.hidden = true;
    await video.play();
    read(new window.BarcodeDetector({ formats: ["qr_code"] }));
  });
}
