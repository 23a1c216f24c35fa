// Draws a signature picture with finger, pen or mouse: blue ink on nothing, cut to the strokes.
(() => {
  "use strict";
  const LINE = 2.4;       // CSS pixels, as in the design
  const SCALE = 3;        // the picture is printed: three times the screen's grain
  const MARGIN = 6;

  class Pad {
    constructor(root) {
      this.canvas = root.querySelector("canvas");
      this.field = root.querySelector("input[type=hidden]");
      this.strokes = [];
      root.hidden = false;
      new ResizeObserver(() => this.fit()).observe(this.canvas);
      this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
      this.canvas.addEventListener("pointermove", (event) => this.move(event));
      ["pointerup", "pointercancel"].forEach((name) => this.canvas.addEventListener(name, () => this.end()));
      root.querySelector("[data-signature-clear]").addEventListener("click", () => this.clear());
    }

    fit() {
      const grain = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(this.canvas.clientWidth * grain);
      this.canvas.height = Math.round(this.canvas.clientHeight * grain);
      this.paint(this.canvas, { x: 0, y: 0 }, grain);
    }

    begin(event) {
      if (event.button) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.stroke = [];
      this.strokes.push(this.stroke);
      this.move(event);
    }

    move(event) {
      if (!this.stroke) return;
      const frame = this.canvas.getBoundingClientRect();
      const seen = event.getCoalescedEvents?.() ?? [];
      for (const point of seen.length ? seen : [event]) {
        this.stroke.push({ x: point.clientX - frame.left, y: point.clientY - frame.top });
      }
      this.fit();
    }

    end() {
      if (!this.stroke) return;
      this.stroke = null;
      this.field.value = this.picture();
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    clear() {
      this.strokes = [];
      this.field.value = "";
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
      this.fit();
    }

    paint(canvas, origin, scale) {
      const pen = canvas.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, -origin.x * scale, -origin.y * scale);
      pen.strokeStyle = getComputedStyle(this.canvas).color;
      pen.lineWidth = LINE;
      pen.lineCap = pen.lineJoin = "round";
      this.strokes.forEach((stroke) => this.line(pen, stroke));
    }

    // Curves through the middles of the points: a hand does not draw corners.
    line(pen, stroke) {
      pen.beginPath();
      pen.moveTo(stroke[0].x, stroke[0].y);
      stroke.forEach((point, i) => {
        const next = stroke[i + 1] ?? point;
        pen.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2);
      });
      pen.stroke();
    }

    bounds() {
      const points = this.strokes.flat();
      const xs = points.map((point) => point.x);
      const ys = points.map((point) => point.y);
      const x = Math.min(...xs) - MARGIN;
      const y = Math.min(...ys) - MARGIN;
      return { x, y, width: Math.max(...xs) + MARGIN - x, height: Math.max(...ys) + MARGIN - y };
    }

    picture() {
      const box = this.bounds();
      const sheet = document.createElement("canvas");
      sheet.width = Math.ceil(box.width * SCALE);
      sheet.height = Math.ceil(box.height * SCALE);
      this.paint(sheet, box, SCALE);
      return sheet.toDataURL("image/png");
    }
  }

  document.querySelectorAll("[data-signature]").forEach((root) => new Pad(root));
})();
