; The installer for Windows: for the user who runs it, without an administrator's password.
; build.py hands in VERSION, PAYLOAD (the frozen folder), OUT and ICON.
Unicode true
!include MUI2.nsh
!include x64.nsh

!define APP "Belay"
!define EXE "belay-chat.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Belay"

Name "${APP}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Belay"
InstallDirRegKey HKCU "Software\Belay" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${APP} setup"
VIAddVersionKey "CompanyName" "Belay"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A running Belay holds its files: it is asked to close, which keeps every word, and waited for.
!macro CLOSE_RUNNING UN
Function ${UN}CloseRunning
  StrCpy $0 0
  again:
    FindWindow $1 "" "${APP}"
    IntCmp $1 0 gone
    SendMessage $1 16 0 0 /TIMEOUT=2000 ; WM_CLOSE
    Sleep 250
    IntOp $0 $0 + 1
    IntCmp $0 20 gone again gone
  gone:
FunctionEnd
!macroend
!insertmacro CLOSE_RUNNING ""
!insertmacro CLOSE_RUNNING "un."

Section "Belay"
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "Belay needs 64-bit Windows 10 or newer."
    Abort
  ${EndIf}
  Call CloseRunning
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal" ; no library of an older version stays behind
  File /r "${PAYLOAD}\*" ; the backslash is understood wherever makensis runs
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${EXE}"
  WriteRegStr HKCU "Software\Belay" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${EXE}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Belay"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  Call un.CloseRunning
  ; The user's conversations lie in another folder, and stay.
  Delete "$SMPROGRAMS\${APP}.lnk"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${EXE}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Belay"
SectionEnd
