;;; lsp-mode: a finding in all text, and one of an insertion  -*- lexical-binding: t; -*-

(load (expand-file-name "common" (file-name-directory load-file-name)) nil t)
(require 'lsp-mode)
(setq lsp-modeline-code-actions-enable nil lsp-enable-snippet nil lsp-auto-guess-root t lsp-diagnostics-provider :none lsp-enable-file-watchers nil lsp-restart 'ignore)
(lsp-register-custom-settings '(("aicheck.scope" "ai")))
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection '("aicheck" "lsp"))
                  :activation-fn (lsp-activate-on "python")
                  :notification-handlers (lsp-ht ("aicheck/status" #'ignore))
                  :server-id 'aicheck
                  :add-on? t))

(defun findings ()
  "Lines and codes that the server sent of this file."
  (mapcar (lambda (one)
            (format "%d: %s" (1+ (lsp-get (lsp-get (lsp-get one :range) :start) :line)) (lsp-get one :code)))
          (gethash (lsp--fix-path-casing (buffer-file-name)) (lsp-diagnostics t))))

(make-directory ".git")
(write-file-text "a.py" head)
(find-file "a.py")
(python-mode)
(lsp-workspace-folders-add default-directory)
(lsp)
(wait-for "the server" (lambda () (and lsp--buffer-workspaces
                                       (eq 'initialized (lsp--workspace-status (car lsp--buffer-workspaces))))))
(goto-char (point-max))
(insert bad)
(let ((inserted (wait-for "the inserted finding" #'findings)))
  (report `((inserted . ,(vconcat inserted)))))
