"""
The conversation on screen.

view places rows; placement decides where; message_layout turns a message into cells; cells paint
themselves; row is the pooled widget they are painted on; buttons and the editor are the only other widgets.
reader is for what one does with the text, message_actions for what one does with a message.
"""
