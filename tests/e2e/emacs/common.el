;;; What both clients' scenarios share  -*- lexical-binding: t; -*-

(require 'json)
(require 'subr-x)
(setq make-backup-files nil create-lockfiles nil)
(defvar head "import os\n\n\ndef first(x):\n    return os.fspath(x)\n")
(defvar bad "\n\ndef second(x):\n    y = json.dumps(x)\n    return y\n")

(defun wait-for (what condition)
  "Wait until CONDITION returns something, and return it; WHAT names it."
  (let ((end (+ (float-time) 30)) result)
    (while (not (setq result (funcall condition)))
      (when (> (float-time) end)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02)
      (sit-for 0.01))
    result))

(defun write-file-text (path text)
  "Put TEXT into PATH as another program does."
  (let ((write-region-inhibit-fsync t))
    (write-region text nil path nil 'silent)))

(defun report (result)
  "Hand RESULT, an alist, to the test and leave."
  (with-temp-file "../report.json"
    (insert (json-encode result)))
  (kill-emacs 0))
